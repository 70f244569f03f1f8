import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { showToast } from '../components/toast';
import { type Language, setLanguage } from '../i18n/language';

// Each language is named in itself: that is what somebody who reads no other looks for.
const LANGUAGES: { value: Language; label: string }[] = [
  { value: 'id', label: 'Indonesia' },
  { value: 'en', label: 'English' },
];

export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  return (
    <SegmentedControl
      aria-label={t('user.language')}
      fullWidth
      data={LANGUAGES}
      value={i18n.language}
      onChange={(value) => {
        setLanguage(value as Language).catch(() => showToast({ message: t('user.languageMissing') }));
      }}
    />
  );
}
