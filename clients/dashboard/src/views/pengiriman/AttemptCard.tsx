import { Button, Code, Group, Paper, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import IconChevronDown from '@tabler/icons-react/icons/IconChevronDown';
import IconChevronUp from '@tabler/icons-react/icons/IconChevronUp';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';

import { toDate } from '../../api/timestamps';
import { Facts } from '../../components/Facts';
import { ToneBadge } from '../../components/ToneBadge';
import type { Attempt } from '../../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../../i18n/format';
import { BodyText } from './BodyText';
import { pengirimanId } from './texts.id';
import { OTHER_VERDICT, verdictLook } from './verdictLook';

type OperationWord = keyof (typeof pengirimanId)['attempts']['operation'];

const isKnown = (operation: string): operation is OperationWord =>
  Object.hasOwn(pengirimanId.attempts.operation, operation);

/** One exchange with the target; its bodies are drawn only once they are asked for. */
export function AttemptCard({ attempt }: { attempt: Attempt }) {
  return (
    <Paper withBorder p="sm" component="li">
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Operation name={attempt.operation} />
          <Verdict verdict={attempt.verdict} />
        </Group>
        <AttemptFacts attempt={attempt} />
        <Bodies attempt={attempt} />
      </Stack>
    </Paper>
  );
}

export function Operation({ name }: { name: string }) {
  const { t } = useTranslation();
  return (
    <Group gap="xs">
      {isKnown(name) && (
        <Text size="sm" fw={600}>
          {t(`pengiriman.attempts.operation.${name}`)}
        </Text>
      )}
      <Code>{name}</Code>
    </Group>
  );
}

function Verdict({ verdict }: { verdict: string }) {
  const { t } = useTranslation();
  const look = verdictLook(verdict);
  if (look) return <ToneBadge {...look} word={t(`pengiriman.attempts.verdict.${look.word}`)} />;
  return verdict === '' ? null : <ToneBadge {...OTHER_VERDICT} word={verdict} />;
}

function AttemptFacts({ attempt }: { attempt: Attempt }) {
  const { t } = useTranslation();
  const format = useFormat();
  const start = toDate(attempt.startTime);
  const milliseconds = Number(attempt.durationMs);
  const length =
    milliseconds < 10_000
      ? t('pengiriman.attempts.ms', { n: format.number(milliseconds) })
      : format.duration(milliseconds / 1000);
  return (
    <Facts
      label={t('pengiriman.attempts.title')}
      facts={[
        [
          t('pengiriman.attempts.when'),
          start && <time dateTime={start.toISOString()}>{format.fullDateTime(start)}</time>,
        ],
        [t('pengiriman.attempts.length'), length],
        [t('pengiriman.attempts.http'), attempt.httpCode === 0 ? t('pengiriman.attempts.noAnswer') : attempt.httpCode],
        [t('pengiriman.attempts.carried'), attempt.recordCount > 0n && format.number(attempt.recordCount)],
        [t('pengiriman.attempts.transport'), attempt.transportError],
      ]}
    />
  );
}

function Bodies({ attempt }: { attempt: Attempt }) {
  const { t } = useTranslation();
  const id = useId();
  const [opened, { toggle }] = useDisclosure(false);
  const Chevron = opened ? IconChevronUp : IconChevronDown;
  return (
    <>
      <Button
        variant="subtle"
        size="compact-sm"
        style={{ alignSelf: 'flex-start' }}
        aria-expanded={opened}
        aria-controls={opened ? id : undefined}
        rightSection={<Chevron size={14} aria-hidden />}
        onClick={toggle}
      >
        {t('pengiriman.attempts.bodies')}
      </Button>
      {opened && (
        <Stack id={id} gap="sm">
          <BodyText label={t('pengiriman.attempts.request')} body={attempt.requestBody} />
          <BodyText label={t('pengiriman.attempts.answer')} body={attempt.answerBody} />
        </Stack>
      )}
    </>
  );
}
