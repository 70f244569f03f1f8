// The way through the portal leaves the page; these two bring it back to where it was.

const KEY = 'satudata.place';

export function rememberPlace(): void {
  try {
    sessionStorage.setItem(KEY, window.location.pathname + window.location.search);
  } catch {
    // Then the way ends at the first view.
  }
}

/** Takes the address back to the remembered place, once. */
export function restorePlace(): void {
  try {
    const place = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    // A path of this page, never another's address.
    if (place?.startsWith('/') && !place.startsWith('//')) window.history.replaceState(null, '', place);
  } catch {
    // As above.
  }
}
