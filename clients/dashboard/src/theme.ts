import { createTheme, type MantineColorsTuple } from '@mantine/core';

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
