import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const teal: MantineColorsTuple = [
  '#e6f6f7',
  '#cdeaec',
  '#9dd4d8',
  '#69bcc2',
  '#40a6ae',
  '#21959e',
  '#0f8791',
  '#0b6e75',
  '#075a60',
  '#03474c',
];

const systemFont =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Ubuntu, Cantarell, sans-serif";

export const theme = createTheme({
  colors: { satu: teal },
  primaryColor: 'satu',
  // 7 carries white text with a contrast of 5.8 in both schemes.
  primaryShade: 7,
  fontFamily: systemFont,
  headings: { fontFamily: systemFont, fontWeight: '650' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
});

/** Where Mantine's own choice is too faint to read: contrast of at least 4.5 on the page and on cards. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#5a6169',
    '--mantine-color-placeholder': '#6b7178',
    '--mantine-color-error': 'var(--tone-bad-text)',
    '--mantine-color-anchor': '#0a6269',
  },
  dark: {
    '--mantine-color-dimmed': '#a3a9b0',
    '--mantine-color-placeholder': '#9aa0a7',
    '--mantine-color-error': 'var(--tone-bad-text)',
    '--mantine-color-anchor': '#7fcdd3',
    '--mantine-color-body': '#1f2225',
  },
});
