// Which language the page speaks.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

import { id } from './id';

export type Language = 'id' | 'en';

const NAMESPACE = 'translation';
const STORAGE_KEY = 'satudata.language';
const LOCALES: Record<Language, string> = { id: 'id-ID', en: 'en-GB' };

export function currentLanguage(): Language {
  return i18next.language === 'en' ? 'en' : 'id';
}

/** For Intl. */
export function localeOf(language: Language): string {
  return LOCALES[language];
}

export async function setLanguage(language: Language): Promise<void> {
  try {
    localStorage.setItem(STORAGE_KEY, language);
  } catch {
    // Without storage the choice holds until the page is closed.
  }
  await loadTexts(language);
  await i18next.changeLanguage(language);
}

/** Indonesian is there from the start; English comes when somebody reads it. */
async function loadTexts(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, NAMESPACE)) return;
  const { en } = await import('./en');
  i18next.addResourceBundle(language, NAMESPACE, en);
}

function storedLanguage(): Language {
  try {
    return localStorage.getItem(STORAGE_KEY) === 'en' ? 'en' : 'id';
  } catch {
    return 'id';
  }
}

export async function startI18n(language: Language = storedLanguage()): Promise<void> {
  i18next.on('languageChanged', (now) => (document.documentElement.lang = now));
  await i18next.use(initReactI18next).init({
    lng: 'id',
    fallbackLng: 'id',
    resources: { id: { [NAMESPACE]: id } },
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
    showSupportNotice: false,
  });
  // Where the other texts do not come, the page speaks Indonesian until it is opened again.
  if (language !== 'id') await setLanguage(language).catch(() => undefined);
}
