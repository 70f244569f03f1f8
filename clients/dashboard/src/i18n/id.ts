// All texts in Indonesian: the source that the other languages follow. Each view has its own beside it.
import { berkasId } from '../views/berkas/texts.id';
import { giliranId } from '../views/giliran/texts.id';
import { indikatorId } from '../views/indikator/texts.id';
import { isiId } from '../views/isi/texts.id';
import { pengirimanId } from '../views/pengiriman/texts.id';
import { prosesId } from '../views/proses/texts.id';
import { ringkasanId } from '../views/ringkasan/texts.id';
import { tujuanId } from '../views/tujuan/texts.id';
import { runsId } from '../runs/texts.id';
import { commonId } from './common.id';

export const id = {
  ...commonId,
  berkas: berkasId,
  giliran: giliranId,
  indikator: indikatorId,
  isi: isiId,
  pengiriman: pengirimanId,
  proses: prosesId,
  ringkasan: ringkasanId,
  runs: runsId,
  tujuan: tujuanId,
} as const;
