import { useTranslation } from 'react-i18next';

import type { Delivery_State, Run_State } from '../gen/satudata/integration/v1/resources_pb';
import { deliveryLook, runLook } from './states';
import { ToneBadge } from './ToneBadge';

export function DeliveryStateBadge({ state }: { state: Delivery_State }) {
  const { t } = useTranslation();
  const { word, ...look } = deliveryLook(state);
  return <ToneBadge {...look} word={t(`deliveryState.${word}`)} />;
}

export function RunStateBadge({ state }: { state: Run_State }) {
  const { t } = useTranslation();
  const { word, ...look } = runLook(state);
  return <ToneBadge {...look} word={t(`runState.${word}`)} />;
}
