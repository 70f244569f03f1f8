import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { toDate } from '../../api/timestamps';
import { FailureText } from '../../components/FailureText';
import { Notice } from '../../components/Notice';
import { targetName } from '../../components/targetName';
import type { TargetWait } from '../../gen/satudata/integration/v1/integration_service_pb';
import { useFormat } from '../../i18n/format';

/** Which targets nothing is sent to at the moment, why, and until when. */
export function WaitNotices({ waits }: { waits: readonly TargetWait[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return waits.map(({ target, failure, endTime }) => {
    const end = toDate(endTime);
    return (
      <Notice key={target} tone="warn">
        <Text size="sm" fw={600}>
          {t('proses.progress.wait', { target: targetName(target) })}
        </Text>
        {failure && <FailureText failure={failure} />}
        {end && <Text size="sm">{t('proses.progress.waitUntil', { time: format.dateTime(end) })}</Text>}
      </Notice>
    );
  });
}
