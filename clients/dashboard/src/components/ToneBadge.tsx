import type { TablerIcon } from '@tabler/icons-react';

import { type Tone, toneGround, toneText } from './tones';
import classes from './ToneBadge.module.css';

interface ToneBadgeProps {
  tone: Tone;
  icon: TablerIcon;
  /** The meaning in a word: colour and icon alone would not reach everybody. */
  word: string;
  /** The icon turns: something is under way. */
  spinning?: boolean;
}

export function ToneBadge({ tone, icon: Icon, word, spinning = false }: ToneBadgeProps) {
  const style = { color: toneText(tone), background: toneGround(tone) };
  return (
    <span className={spinning ? `${classes.badge} ${classes.spin}` : classes.badge} style={style} title={word}>
      <Icon size={15} stroke={2} aria-hidden />
      <span className={classes.word}>{word}</span>
    </span>
  );
}
