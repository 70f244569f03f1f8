import { Progress, SimpleGrid, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { targetName } from '../../components/targetName';
import type { GetSummaryResponse } from '../../gen/satudata/integration/v1/integration_service_pb';
import { useFormat } from '../../i18n/format';
import { countsAt, roundedDown, shareHeld } from './figures';
import classes from './Ringkasan.module.css';

interface TilesProps {
  summary: GetSummaryResponse;
  targets: readonly string[];
}

/** The figures to see first. */
export function Tiles({ summary, targets }: TilesProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { fileCount, verifiedFileCount } = summary;
  const verified = fileCount > 0n ? roundedDown(Number(verifiedFileCount) / Number(fileCount)) : 0;
  return (
    <SimpleGrid
      component="dl"
      m={0}
      cols={{ base: 2, md: 2 + targets.length }}
      spacing="sm"
      aria-label={t('ringkasan.tiles.label')}
    >
      <Tile
        label={t('ringkasan.tiles.files')}
        value={format.number(fileCount)}
        lines={[t('ringkasan.tiles.filesText')]}
      />
      <Tile
        label={t('ringkasan.tiles.verified')}
        value={format.number(verifiedFileCount)}
        lines={[t('ringkasan.tiles.verifiedText', { share: format.percent(verified) })]}
        share={verified}
      />
      {targets.map((target) => (
        <HeldTile key={target} target={target} summary={summary} />
      ))}
    </SimpleGrid>
  );
}

function HeldTile({ target, summary }: { target: string; summary: GetSummaryResponse }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { held, due, skipped, share } = shareHeld(countsAt(target, summary.targetCounts));
  const label = t('ringkasan.tiles.held', { target: targetName(target) });
  const lines = skipped > 0 ? [t('ringkasan.tiles.skippedText', { skipped: format.number(skipped) })] : [];
  if (share === undefined) return <Tile label={label} value="–" lines={[t('ringkasan.tiles.nothingDue'), ...lines]} />;
  const heldText = t('ringkasan.tiles.heldText', { held: format.number(held), due: format.number(due) });
  return <Tile label={label} value={format.percent(share)} lines={[heldText, ...lines]} share={share} />;
}

function Tile({ label, value, lines, share }: { label: string; value: string; lines: string[]; share?: number }) {
  return (
    <div className={classes.tile}>
      <dt>{label}</dt>
      <dd>
        <span className={classes.big}>{value}</span>
        {lines.map((line) => (
          <Text key={line} size="xs" c="dimmed">
            {line}
          </Text>
        ))}
        {share !== undefined && <Progress value={share * 100} size="sm" mt={8} aria-hidden />}
      </dd>
    </div>
  );
}
