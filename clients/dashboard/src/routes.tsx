import { matchPath, Navigate, Route, Routes, useLocation } from 'react-router';

import { lateView } from './lateView';
import { NotFoundView } from './shell/NotFoundView';
import { Shell } from './shell/Shell';

const VIEWS = {
  '/': lateView(() => import('./views/berkas/BerkasView')),
  '/berkas/:fileId': lateView(() => import('./views/isi/IsiView')),
  '/ringkasan': lateView(() => import('./views/ringkasan/RingkasanView')),
  '/proses': lateView(() => import('./views/proses/ProsesView')),
  '/proses/:runId': lateView(() => import('./views/proses/ProsesDetailView')),
  '/pengiriman/:deliveryId': lateView(() => import('./views/pengiriman/PengirimanView')),
  '/giliran': lateView(() => import('./views/giliran/GiliranView')),
  '/tujuan': lateView(() => import('./views/tujuan/TujuanView')),
  '/indikator': lateView(() => import('./views/indikator/IndikatorView')),
};

export function AppRoutes() {
  return (
    <Routes>
      <Route element={<Shell />}>
        {Object.entries(VIEWS).map(([path, View]) => (
          <Route key={path} path={path} element={<View />} />
        ))}
        <Route path="/berkas" element={<ToFiles />} />
        <Route path="*" element={<NotFoundView />} />
      </Route>
    </Routes>
  );
}

/** Loads the view at an address, so that it is there when it is to be shown. */
export async function loadViewAt(pathname: string): Promise<void> {
  await Object.entries(VIEWS)
    .find(([path]) => matchPath(path, pathname))?.[1]
    .load();
}

/** The files are the first view; their name leads there as well. */
function ToFiles() {
  const { search } = useLocation();
  return <Navigate to={{ pathname: '/', search }} replace />;
}
