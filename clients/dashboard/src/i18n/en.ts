// All texts in English.
import { berkasEn } from '../views/berkas/texts.en';
import { giliranEn } from '../views/giliran/texts.en';
import { indikatorEn } from '../views/indikator/texts.en';
import { isiEn } from '../views/isi/texts.en';
import { pengirimanEn } from '../views/pengiriman/texts.en';
import { prosesEn } from '../views/proses/texts.en';
import { ringkasanEn } from '../views/ringkasan/texts.en';
import { tujuanEn } from '../views/tujuan/texts.en';
import { runsEn } from '../runs/texts.en';
import { commonEn } from './common.en';
import type { id } from './id';
import type { Translation } from './texts';

export const en: Translation<typeof id> = {
  ...commonEn,
  berkas: berkasEn,
  giliran: giliranEn,
  indikator: indikatorEn,
  isi: isiEn,
  pengiriman: pengirimanEn,
  proses: prosesEn,
  ringkasan: ringkasanEn,
  runs: runsEn,
  tujuan: tujuanEn,
};
