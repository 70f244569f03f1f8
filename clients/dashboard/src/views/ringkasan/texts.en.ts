import type { Translation } from '../../i18n/texts';
import type { ringkasanId } from './texts.id';

export const ringkasanEn: Translation<typeof ringkasanId> = {
  title: 'Summary',
  asOf: 'Read',
  empty: 'No file yet',
  emptyText: 'Once files have been imported from the portal, this shows where they stand.',
  otherState: 'Another state',
  tiles: {
    label: 'Main figures',
    files: 'Files',
    filesText: 'in the catalogue',
    verified: 'Verified',
    verifiedText: '{{share}} of all files',
    held: 'Proven to be at {{target}}',
    heldText: '{{held}} of {{due}} files',
    skippedText: '{{skipped}} skipped files not counted',
    nothingDue: 'nothing is due yet',
  },
  table: {
    show: 'Show the table',
    hide: 'Hide the table',
    of: '{{action}}: {{title}}',
    total: 'Total',
    target: 'Target',
    day: 'Day',
    urusan: 'Urusan',
  },
  now: {
    title: 'As it stands',
    lead: 'Files by their state at each target.',
    files_one: '{{shown}} file',
    files_other: '{{shown}} files',
    none: 'No file has been planned for sending yet.',
  },
  turns: {
    title: 'Whose turn',
    lead: 'Deliveries that wait for somebody.',
    deliveries_one: '{{shown}} delivery',
    deliveries_other: '{{shown}} deliveries',
    more_one: 'and {{shown}} more reason',
    more_other: 'and {{shown}} more reasons',
    open: 'See all that waits for: {{owner}}',
    none: 'Nothing waits for anybody.',
  },
  days: {
    title: 'Day by day',
    lead: 'Deliveries by the local day on which they reached the state they are in.',
    period: 'Period',
    choice: '{{shown}} days',
    summary:
      '{{target}}, {{days}} days: {{total}} in all, {{held}} of them proven to be there. The most on {{date}}: {{most}}.',
    nothing: '{{target}}: no delivery in these {{days}} days.',
    chart: 'Deliveries to {{target}} by day',
  },
  urusan: {
    title: 'By urusan',
    lead: 'Indicator values by urusan, the most first.',
    summary:
      '{{target}}: {{total}} in all over {{urusans}} urusan, {{held}} of them proven to be there. The most: {{first}}.',
    nothing: 'No indicator value has been planned for {{target}} yet.',
    none: 'No indicator value has been planned yet.',
    chart: 'Indicator values by urusan at {{target}}',
  },
};
