import type { TablerIcon } from '@tabler/icons-react';
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconCircleX from '@tabler/icons-react/icons/IconCircleX';
import IconInfoCircle from '@tabler/icons-react/icons/IconInfoCircle';
import type { ReactNode } from 'react';

import classes from './Notice.module.css';
import { type Tone, toneGround, toneMark, toneText } from './tones';

const ICONS: Record<Tone, TablerIcon> = {
  neutral: IconInfoCircle,
  info: IconInfoCircle,
  good: IconCircleCheck,
  warn: IconAlertTriangle,
  bad: IconCircleX,
  doubt: IconAlertTriangle,
};

interface NoticeProps {
  tone: Tone;
  /** `alert` interrupts a screen reader, `status` waits; neither is said when it was there from the start. */
  role?: 'alert' | 'status';
  children: ReactNode;
}

/** A message in a box of its own. */
export function Notice({ tone, role, children }: NoticeProps) {
  const Icon = ICONS[tone];
  return (
    <div
      className={classes.notice}
      role={role}
      style={{ background: toneGround(tone), borderInlineStartColor: toneMark(tone) }}
    >
      <Icon size={20} color={toneText(tone)} aria-hidden style={{ flex: 'none', marginTop: 1 }} />
      <div className={classes.body}>{children}</div>
    </div>
  );
}
