// What a row shows in each of its columns. A control of a cell takes `tabIndex` and is marked `data-grid-focus`: see
// useGridFocus.
import { Anchor, Checkbox, Text, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { toDate } from '../../api/timestamps';
import { filePath } from '../../components/links';
import { DeliveryStateBadge } from '../../components/StateBadge';
import { targetName } from '../../components/targetName';
import { TimeAgo } from '../../components/TimeAgo';
import { useFileName } from '../../components/useFileName';
import { type CatalogFile, CatalogFile_Verification } from '../../gen/satudata/integration/v1/resources_pb';
import classes from './FileTable.module.css';
import type { TableLayout } from './layout';

interface NameCellProps {
  file: CatalogFile;
  layout: TableLayout;
  tabIndex: number;
}

/** Leads to what is in the file. */
export function NameCell({ file, layout, tabIndex }: NameCellProps) {
  const name = useFileName(file);
  const details = [file.producer, file.theme].filter((text) => text !== '').join(' · ');
  return (
    <div className={classes.name} title={name}>
      <Anchor
        component={Link}
        to={filePath(file.fileId)}
        inherit
        underline="always"
        className={classes.nameLink}
        tabIndex={tabIndex}
        data-grid-focus
      >
        {name}
      </Anchor>
      {layout !== 'wide' && (
        <Text size="xs" c="dimmed" className={classes.oneLine}>
          {details}
        </Text>
      )}
    </div>
  );
}

export function TextCell({ text }: { text: string }) {
  return (
    <Text size="sm" className={classes.twoLines} title={text}>
      {text}
    </Text>
  );
}

interface SelectCellProps {
  file: CatalogFile;
  isSelected: boolean;
  isFull: boolean;
  onToggle: (fileId: string) => void;
  tabIndex: number;
}

export function SelectCell({ file, isSelected, isFull, onToggle, tabIndex }: SelectCellProps) {
  const { t } = useTranslation();
  const name = useFileName(file);
  const isVerified = file.verification === CatalogFile_Verification.VERIFIED;
  return (
    <Checkbox
      aria-label={t('berkas.select.row', { name })}
      checked={isSelected}
      disabled={!isVerified || (isFull && !isSelected)}
      onChange={() => onToggle(file.fileId)}
      tabIndex={tabIndex}
      data-grid-focus
      classNames={{ body: classes.tick, input: classes.pointer }}
    />
  );
}

interface TargetCellProps {
  file: CatalogFile;
  target: string;
  layout: TableLayout;
  tabIndex: number;
}

export function TargetCell({ file, target, layout, tabIndex }: TargetCellProps) {
  const { t } = useTranslation();
  const status = file.targetStates.find((candidate) => candidate.target === target);
  const label = layout === 'narrow' && <span className={classes.targetLabel}>{targetName(target)}</span>;
  if (!status) {
    return (
      <div className={classes.target}>
        {label}
        <Text size="sm" c="dimmed" component="span">
          {t('berkas.never')}
        </Text>
      </div>
    );
  }
  const content = (
    <>
      <DeliveryStateBadge state={status.state} />
      <Text size="xs" c="dimmed" component="span" className={classes.oneLine}>
        <TimeAgo date={toDate(status.stateTime)} />
      </Text>
    </>
  );
  return (
    <div className={classes.target}>
      {label}
      {status.deliveryId === '' ? (
        content
      ) : (
        <Anchor
          component={Link}
          to={`/pengiriman/${encodeURIComponent(status.deliveryId)}`}
          className={classes.stateLink}
          tabIndex={tabIndex}
          data-grid-focus
        >
          <VisuallyHidden>{targetName(target)}: </VisuallyHidden>
          {content}
        </Anchor>
      )}
    </div>
  );
}
