import { Group, List, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { type Failure, Failure_Owner } from '../gen/satudata/integration/v1/resources_pb';
import { OwnerBadge } from './OwnerBadge';

interface FailureTextProps {
  failure: Failure;
  /** Also the codes, for those who look into it. */
  withCodes?: boolean;
}

/** Why something did not go well: cause and cure as the server words them, whose turn it is, and which fields. */
export function FailureText({ failure, withCodes = false }: FailureTextProps) {
  const { t } = useTranslation();
  return (
    <Stack gap={6}>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {failure.message || failure.reason}
      </Text>
      {failure.fieldViolations.length > 0 && (
        <List size="sm">
          {failure.fieldViolations.map(({ field, description }) => (
            <List.Item key={`${field} ${description}`}>
              {field}: {description}
            </List.Item>
          ))}
        </List>
      )}
      <Group gap="xs">
        {failure.owner !== Failure_Owner.UNSPECIFIED && <OwnerBadge owner={failure.owner} />}
        {failure.retryable && (
          <Text size="xs" c="dimmed">
            {t('failure.later')}
          </Text>
        )}
      </Group>
      {withCodes && <FailureCodes failure={failure} />}
    </Stack>
  );
}

function FailureCodes({ failure }: { failure: Failure }) {
  const { t } = useTranslation();
  return (
    <Text size="xs" c="dimmed">
      {t('failure.reason', { reason: failure.reason })}
      {failure.httpCode !== 0 && ` · ${t('failure.httpCode', { code: String(failure.httpCode) })}`}
      {failure.targetCode !== '' && ` · ${t('failure.targetCode', { code: failure.targetCode })}`}
    </Text>
  );
}
