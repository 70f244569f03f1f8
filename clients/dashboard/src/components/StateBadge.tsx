import IconEye from '@tabler/icons-react/icons/IconEye';
import { useTranslation } from 'react-i18next';

import type { Delivery_State, Run, Run_State } from '../gen/satudata/integration/v1/resources_pb';
import { isForecast, useDeliveryLook } from './previewLook';
import { runLook } from './states';
import { ToneBadge } from './ToneBadge';

export function DeliveryStateBadge({ state }: { state: Delivery_State }) {
  return <ToneBadge {...useDeliveryLook()(state)} />;
}

export function RunStateBadge({ state }: { state: Run_State }) {
  const { t } = useTranslation();
  const { word, ...look } = runLook(state);
  return <ToneBadge {...look} word={t(`runState.${word}`)} />;
}

/** The state of a run; of a preview that nothing was sent, as its state is what would be. */
export function RunBadge({ run }: { run: Run }) {
  const { t } = useTranslation();
  if (!isForecast(run)) return <RunStateBadge state={run.state} />;
  return <ToneBadge tone="info" icon={IconEye} word={t('previewRun')} />;
}
