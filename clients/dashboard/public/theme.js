// Sets colours and language before anything is drawn, so that nothing flashes. A file of its own, because the content
// security policy forbids scripts within the page.
(function () {
  var root = document.documentElement;
  var scheme = null;
  try {
    scheme = localStorage.getItem('satudata.theme');
    root.lang = localStorage.getItem('satudata.language') === 'en' ? 'en' : 'id';
  } catch {
    // Without storage the system's colours and Indonesian hold.
  }
  if (scheme !== 'light' && scheme !== 'dark') {
    scheme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  }
  root.setAttribute('data-mantine-color-scheme', scheme);
})();
