// What this client says itself, where no server of ours spoke.
import type { Language } from './options.js';

export type Silence = 'UNAVAILABLE' | 'DEADLINE_EXCEEDED';

const WORDS: Record<Silence, Record<Language, (address: string) => string>> = {
  UNAVAILABLE: {
    id: (address) =>
      `Layanan integrasi di ${address} tidak terjangkau. Pastikan layanan itu berjalan dan alamatnya benar.`,
    en: (address) =>
      `The integration service at ${address} is not reachable. Check that it runs and that the address is right.`,
  },
  DEADLINE_EXCEEDED: {
    id: (address) =>
      `Layanan integrasi di ${address} tidak menjawab dalam batas waktu. Coba lagi, atau beri waktu lebih lama.`,
    en: (address) => `The integration service at ${address} did not answer in time. Try again, or give it more time.`,
  },
};

export function wordSilence(code: Silence, address: string, language: Language): string {
  return WORDS[code][language](address);
}
