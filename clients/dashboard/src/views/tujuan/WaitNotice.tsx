import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { toDate } from '../../api/timestamps';
import { FailureText } from '../../components/FailureText';
import { Notice } from '../../components/Notice';
import { TimeAgo } from '../../components/TimeAgo';
import type { Target } from '../../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../../i18n/format';
import { flowOf } from './flow';

/** Why nothing is sent to a target at this moment, whose turn it is, and until when. */
export function WaitNotice({ target }: { target: Target }) {
  const { t } = useTranslation();
  if (!target.wait && !target.paused) return null;
  return (
    <Notice tone={flowOf(target).tone}>
      <Stack gap={6}>
        <Text fw={600} size="sm">
          {t('tujuan.wait.title')}
        </Text>
        {target.wait ? <FailureText failure={target.wait} /> : <Text size="sm">{t('tujuan.wait.noReason')}</Text>}
        <Until target={target} />
      </Stack>
    </Notice>
  );
}

function Until({ target: { wait, paused, waitEndTime } }: { target: Target }) {
  const { t } = useTranslation();
  const format = useFormat();
  const end = toDate(waitEndTime);
  const byDecision = paused && (!wait || wait.reason === 'TARGET_PAUSED');
  if (!end) return <Text size="sm">{t(byDecision ? 'tujuan.wait.untilResume' : 'tujuan.wait.untilUnknown')}</Text>;
  return (
    <Text size="sm" component="div">
      {t('tujuan.wait.until')} {format.dateTime(end)} (<TimeAgo date={end} />)
    </Text>
  );
}
