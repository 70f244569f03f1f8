/** What a colour means; the colours are the --tone- variables of theme.css. */
export type Tone = 'neutral' | 'info' | 'good' | 'warn' | 'bad' | 'doubt';

/** The colour of text of a tone. */
export const toneText = (tone: Tone): string => `var(--tone-${tone}-text)`;

/** The ground that text of this tone may stand on. */
export const toneGround = (tone: Tone): string => `var(--tone-${tone}-ground)`;

/** Bars, lines and dots of a tone; not for text. */
export const toneMark = (tone: Tone): string => `var(--tone-${tone}-mark)`;
