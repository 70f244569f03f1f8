import { Progress, SimpleGrid, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Target } from '../../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../../i18n/format';
import { circuitWord } from './flow';
import classes from './TargetCard.module.css';

/** The figures of a target, and what kind it is. */
export function TargetFacts({ target }: { target: Target }) {
  return (
    <>
      <SimpleGrid component="dl" cols={{ base: 1, xs: 3 }} spacing="sm" className={classes.facts}>
        <InFlight target={target} />
        <Queue target={target} />
        <Rate target={target} />
      </SimpleGrid>
      <dl className={`${classes.facts} ${classes.lines}`}>
        <Circuit target={target} />
        <Profile target={target} />
        <Host target={target} />
      </dl>
    </>
  );
}

function Figure({
  label,
  value,
  text,
  children,
}: {
  label: string;
  value: string;
  text: string;
  children?: ReactNode;
}) {
  return (
    <div className={classes.figure}>
      <dt>{label}</dt>
      <dd>
        <Text fz={24} fw={650} lh={1.2} className={classes.number} component="span">
          {value}
        </Text>
        <Text size="xs" c="dimmed">
          {text}
        </Text>
        {children}
      </dd>
    </div>
  );
}

function InFlight({ target: { inFlight, concurrencyLimit } }: { target: Target }) {
  const { t } = useTranslation();
  const format = useFormat();
  const text = t('tujuan.inFlightOf', { limit: format.number(concurrencyLimit) });
  const share = concurrencyLimit > 0 ? Math.min(100, (inFlight / concurrencyLimit) * 100) : 0;
  return (
    <Figure label={t('tujuan.inFlight')} value={format.number(inFlight)} text={text}>
      <Progress value={share} size="sm" mt={6} aria-hidden />
    </Figure>
  );
}

function Queue({ target: { queueDepth } }: { target: Target }) {
  const { t } = useTranslation();
  const format = useFormat();
  return <Figure label={t('tujuan.queue')} value={format.number(queueDepth)} text={t('tujuan.queueUnit')} />;
}

function Rate({ target: { rateLimit } }: { target: Target }) {
  const { t } = useTranslation();
  const format = useFormat();
  const label = t('tujuan.rate');
  if (rateLimit <= 0) return <Figure label={label} value={t('tujuan.rateNone')} text={t('tujuan.rateNoneText')} />;
  return <Figure label={label} value={format.number(rateLimit)} text={t('tujuan.rateUnit')} />;
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Circuit({ target: { circuit } }: { target: Target }) {
  const { t } = useTranslation();
  const word = circuitWord(circuit);
  return (
    <Line label={t('tujuan.circuit.label')}>
      {t(`tujuan.circuit.${word}`)}
      <Text size="xs" c="dimmed">
        {t(`tujuan.circuit.${word}Text`)}
      </Text>
    </Line>
  );
}

function Profile({ target: { profile } }: { target: Target }) {
  const { t } = useTranslation();
  const words: Partial<Record<string, string>> = {
    ewalidata: t('tujuan.profile.ewalidata'),
    'dataset-rest': t('tujuan.profile.datasetRest'),
    ckan: t('tujuan.profile.ckan'),
  };
  const word = words[profile];
  return <Line label={t('tujuan.profile.label')}>{word === undefined ? profile : `${word} (${profile})`}</Line>;
}

function Host({ target: { host } }: { target: Target }) {
  const { t } = useTranslation();
  return <Line label={t('tujuan.host')}>{host}</Line>;
}
