import { lazy } from 'react';
import { Navigate, Route, Routes, useLocation } from 'react-router';

import { Shell } from './shell/Shell';
import { NotFoundView } from './shell/NotFoundView';

const BerkasView = lazy(() => import('./views/berkas/BerkasView'));
const IsiView = lazy(() => import('./views/isi/IsiView'));
const RingkasanView = lazy(() => import('./views/ringkasan/RingkasanView'));
const ProsesView = lazy(() => import('./views/proses/ProsesView'));
const ProsesDetailView = lazy(() => import('./views/proses/ProsesDetailView'));
const PengirimanView = lazy(() => import('./views/pengiriman/PengirimanView'));
const GiliranView = lazy(() => import('./views/giliran/GiliranView'));
const TujuanView = lazy(() => import('./views/tujuan/TujuanView'));
const IndikatorView = lazy(() => import('./views/indikator/IndikatorView'));

export function AppRoutes() {
  return (
    <Routes>
      <Route element={<Shell />}>
        <Route index element={<BerkasView />} />
        <Route path="berkas" element={<ToFiles />} />
        <Route path="berkas/:fileId" element={<IsiView />} />
        <Route path="ringkasan" element={<RingkasanView />} />
        <Route path="proses" element={<ProsesView />} />
        <Route path="proses/:runId" element={<ProsesDetailView />} />
        <Route path="pengiriman/:deliveryId" element={<PengirimanView />} />
        <Route path="giliran" element={<GiliranView />} />
        <Route path="tujuan" element={<TujuanView />} />
        <Route path="indikator" element={<IndikatorView />} />
        <Route path="*" element={<NotFoundView />} />
      </Route>
    </Routes>
  );
}

/** The files are the first view; their name leads there as well. */
function ToFiles() {
  const { search } = useLocation();
  return <Navigate to={{ pathname: '/', search }} replace />;
}
