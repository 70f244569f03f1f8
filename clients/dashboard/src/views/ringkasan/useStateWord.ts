import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

import { deliveryLook } from '../../components/states';
import { Delivery_State } from '../../gen/satudata/integration/v1/resources_pb';

/** The word for a state; one of a newer server is called just that, as its count must not seem to be something else. */
export function useStateWord(): (state: Delivery_State) => string {
  const { t } = useTranslation();
  return useCallback(
    (state) => (state in Delivery_State ? t(`deliveryState.${deliveryLook(state).word}`) : t('ringkasan.otherState')),
    [t],
  );
}
