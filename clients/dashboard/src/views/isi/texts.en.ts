import type { Translation } from '../../i18n/texts';
import type { isiId } from './texts.id';

export const isiEn: Translation<typeof isiId> = {
  title: 'Content of the file',
  toFiles: 'List of files',
  gone: {
    title: 'This file is not in the catalogue',
    text: 'The address may be wrong, or the file has been deleted.',
  },
  facts: {
    label: 'About this file',
    verification: 'Verification',
    fileName: 'File name',
    producer: 'Producer',
    theme: 'Theme',
    kodepemda: 'Region code',
    fileId: 'File id',
  },
  values: {
    title: 'Values that were read',
    lead: 'In the order of the file. What is wrong is not sent until it is mended.',
    label: 'Values that were read out of this file',
    counts_one: '{{total}} value, {{wrong}} wrong.',
    counts_other: '{{total}} values, {{wrong}} wrong.',
    onThisPage: 'On this page: {{counts}}',
  },
  columns: {
    code: 'Indicator code',
    year: 'Year',
    raw: 'As written',
    value: 'As read',
    place: 'Place',
    wrong: 'What is wrong, and the cure',
  },
  kodepemda: 'Region code {{kodepemda}}',
  blank: '(empty)',
  place: {
    sheet: 'sheet {{sheet}}',
    cell: 'cell {{cell}}',
    line: 'line {{line}}',
    column: 'column {{column}}',
    inline: 'entered in the portal',
  },
  empty: {
    title: 'There is no indicator value in this file',
    text: 'A file without indicator values is only sent as a dataset, to targets that take datasets.',
  },
};
