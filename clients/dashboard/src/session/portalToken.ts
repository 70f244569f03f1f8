/** Takes the token that a portal handed over in the address, and takes it out of there at once. */
export function takePortalToken(location: Location = window.location): string | undefined {
  if (!location.hash.startsWith('#token=')) return undefined;
  const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
  window.history.replaceState(null, '', location.pathname + location.search);
  return token === '' ? undefined : token;
}
