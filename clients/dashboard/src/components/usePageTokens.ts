import { useCallback } from 'react';
import { useLocation, useNavigate } from 'react-router';

interface PageTokens {
  /** Of the page that is shown; empty for the first. */
  token: string;
  /** From 1. */
  page: number;
  next: (token: string) => void;
  /** Undefined on the first page. */
  previous: (() => void) | undefined;
}

/**
 * Which page of a list is shown. Kept in the history rather than in the address: "back" leads to the page before, also
 * from where a row led to, while an address that is passed on begins at the first page, as tokens do not last.
 */
export function usePageTokens(): PageTokens {
  const location = useLocation();
  const { pathname, search } = location;
  const navigate = useNavigate();
  const tokens = tokensOf(location.state);
  const go = useCallback(
    (next: readonly string[]) => void navigate(pathname + search, { state: { tokens: next } }),
    [navigate, pathname, search],
  );
  return {
    token: tokens.at(-1) ?? '',
    page: tokens.length + 1,
    next: (token) => go([...tokens, token]),
    previous: tokens.length === 0 ? undefined : () => go(tokens.slice(0, -1)),
  };
}

function tokensOf(state: unknown): readonly string[] {
  if (typeof state !== 'object' || state === null || !('tokens' in state)) return [];
  const { tokens } = state;
  return Array.isArray(tokens) && tokens.every((token) => typeof token === 'string') ? tokens : [];
}
