import { Anchor, Code, List, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { FailureText } from '../components/FailureText';
import type { GetDeliveryResponse } from '../gen/satudata/integration/v1/integration_service_pb';
import type { Failure, Record as Value } from '../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../i18n/format';
import { deliveryPath } from '../views/pengiriman/deliveryPath';
import { byChange } from './changes';
import { PreviewBodies } from './PreviewBodies';

/** The whole list is in the view of the delivery. */
const LISTED = 10;

/** What sending one file to one target would do: how many of which kind, what from and to, what is refused and why. */
export function DeliveryPreview({
  response: { delivery, records, omittedRecordCount },
}: {
  response: GetDeliveryResponse;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const groups = byChange(records);
  const counts: string[] = [...groups].map(([word, { length }]) =>
    t(`runs.preview.change.${word}`, { total: format.number(length) }),
  );
  if (omittedRecordCount > 0n) counts.push(t('runs.preview.omitted', { total: format.number(omittedRecordCount) }));
  if (!delivery) return null;
  const refusals = refusalsOf(delivery.failure, groups.get('refused') ?? []);
  return (
    <Stack gap="xs" mt={4}>
      <Text size="sm">{counts.length > 0 ? counts.join(' · ') : t('runs.preview.nothing')}</Text>
      {refusals.whole && <FailureText failure={refusals.whole} />}
      <Changed values={(groups.get('update') ?? []).filter(({ change }) => change?.oldValue)} />
      <Refused values={refusals.each} />
      <PreviewBodies previews={delivery.previews} />
      <Anchor component={Link} to={deliveryPath(delivery.deliveryId)} size="sm">
        {t('runs.preview.delivery')}
      </Anchor>
    </Stack>
  );
}

/** Where all is refused for one reason, it is said once; else each says its own, and the delivery only what none says. */
function refusalsOf(whole: Failure | undefined, refused: readonly Value[]) {
  const each = refused.filter(({ failure }) => failure);
  const isSaidBy = ({ failure }: Value) => failure?.message === whole?.message;
  if (whole && each.every(isSaidBy)) return { whole, each: [] };
  return { whole: each.some(isSaidBy) ? undefined : whole, each };
}

function Changed({ values }: { values: readonly Value[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (values.length === 0) return null;
  return (
    <List size="sm" aria-label={t('runs.preview.changedLabel')}>
      {values.slice(0, LISTED).map(({ key, change }) => (
        <List.Item key={key}>
          <Code>{key}</Code>{' '}
          {t('runs.preview.fromTo', {
            from: format.decimal(change?.oldValue ?? ''),
            to: format.decimal(change?.newValue ?? ''),
          })}
        </List.Item>
      ))}
      <More count={values.length - LISTED} />
    </List>
  );
}

function Refused({ values }: { values: readonly Value[] }) {
  const { t } = useTranslation();
  if (values.length === 0) return null;
  return (
    <List size="sm" spacing={6} aria-label={t('runs.preview.refusedLabel')}>
      {values.slice(0, LISTED).map(({ key, failure }) => (
        <List.Item key={key}>
          <Code>{key}</Code>
          {failure && <FailureText failure={failure} />}
        </List.Item>
      ))}
      <More count={values.length - LISTED} />
    </List>
  );
}

function More({ count }: { count: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  return count > 0 ? <List.Item>{t('runs.preview.more', { total: format.number(count) })}</List.Item> : null;
}
