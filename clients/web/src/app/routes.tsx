import { createBrowserRouter, redirect } from 'react-router';
import { Frame } from './Frame';
import { NotFound, PageFailed } from './Pages';

/** Every address of the client. The list of leads comes with the first load, each other page when it is opened. */
export const router = createBrowserRouter([{
  path: '/',
  element: <Frame />,
  errorElement: <PageFailed />,
  hydrateFallbackElement: <></>,
  children: [{
    errorElement: <PageFailed />,
    children: [
      { index: true, loader: () => redirect('/leads') },
      { path: 'leads', lazy: async () => ({ Component: (await import('@/features/leads/LeadList')).LeadList }) },
      { path: 'leads/my-open', lazy: async () => ({ Component: (await import('@/features/leads/LeadList')).LeadList }) },
      { path: 'leads/current', lazy: async () => ({ Component: (await import('@/features/leads/LeadList')).LeadList }) },
      { path: 'leads/new', lazy: async () => ({ Component: (await import('@/features/leads/NewLead')).NewLead }) },
      { path: 'leads/:id', lazy: async () => ({ Component: (await import('@/features/leads/LeadPage')).LeadPage }) },
      { path: 'leads/:id/convert', lazy: async () => ({ Component: (await import('@/features/convert/ConvertPage')).ConvertPage }) },
      { path: 'tasks', lazy: async () => ({ Component: (await import('@/features/activities/MyTasks')).MyTasks }) },
      { path: '*', element: <NotFound /> },
    ],
  }],
}]);
