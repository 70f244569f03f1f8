import { type MantineColorScheme, SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export function ThemeSwitch() {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      aria-label={t('user.theme')}
      fullWidth
      data={[
        { value: 'light', label: t('user.themeLight') },
        { value: 'dark', label: t('user.themeDark') },
        { value: 'auto', label: t('user.themeAuto') },
      ]}
      value={colorScheme}
      onChange={(value) => setColorScheme(value as MantineColorScheme)}
    />
  );
}
