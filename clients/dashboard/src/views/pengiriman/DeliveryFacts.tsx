import { Anchor, Code, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { toDate } from '../../api/timestamps';
import { FailureText } from '../../components/FailureText';
import { Facts } from '../../components/Facts';
import { FileLink } from '../../components/FileLink';
import { Notice } from '../../components/Notice';
import { deliveryLook } from '../../components/states';
import { targetName } from '../../components/targetName';
import { TimeAgo } from '../../components/TimeAgo';
import type { Delivery } from '../../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../../i18n/format';
import { deliveryPath } from './deliveryPath';

export function DeliveryFacts({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const format = useFormat();
  const next = toDate(delivery.nextAttemptTime);
  return (
    <>
      <Facts
        label={t('pengiriman.facts.label')}
        facts={[
          [t('pengiriman.facts.target'), targetName(delivery.target)],
          [t('pengiriman.facts.attempts'), format.number(delivery.attemptCount)],
          [t('pengiriman.facts.next'), next && format.dateTime(next)],
          [t('pengiriman.facts.created'), <TimeAgo key="created" date={toDate(delivery.createTime)} />],
          [t('pengiriman.facts.updated'), <TimeAgo key="updated" date={toDate(delivery.updateTime)} />],
          [t('pengiriman.facts.fileId'), delivery.fileId && <FileLink fileId={delivery.fileId} />],
          [t('pengiriman.facts.remoteId'), delivery.remoteId && <Code>{delivery.remoteId}</Code>],
          [t('pengiriman.facts.private'), !delivery.public && t('pengiriman.facts.privateText')],
        ]}
      />
      {delivery.findingCount > 0n && (
        <Text size="sm">
          {t('pengiriman.facts.findings', {
            count: Number(delivery.findingCount),
            n: format.number(delivery.findingCount),
          })}
        </Text>
      )}
    </>
  );
}

/** Why it is where it is, and whose turn it is. */
export function DeliveryFailure({ delivery: { failure, state } }: { delivery: Delivery }) {
  const { t } = useTranslation();
  if (!failure) return null;
  const newer = failure.reason === 'SUPERSEDED' ? failure.arguments.delivery_id : undefined;
  return (
    <Notice tone={deliveryLook(state).tone}>
      <FailureText failure={failure} withCodes />
      {newer !== undefined && (
        <Anchor component={Link} to={deliveryPath(newer)} size="sm">
          {t('pengiriman.newer')}
        </Anchor>
      )}
    </Notice>
  );
}
