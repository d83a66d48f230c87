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
      { path: 'accounts', lazy: async () => ({ Component: (await import('@/features/accounts/AccountList')).AccountList }) },
      { path: 'accounts/new', lazy: async () => ({ Component: (await import('@/features/accounts/NewAccount')).NewAccount }) },
      { path: 'accounts/:id', lazy: async () => ({ Component: (await import('@/features/accounts/AccountPage')).AccountPage }) },
      { path: 'contacts', lazy: async () => ({ Component: (await import('@/features/contacts/ContactList')).ContactList }) },
      { path: 'contacts/new', lazy: async () => ({ Component: (await import('@/features/contacts/NewContact')).NewContact }) },
      { path: 'contacts/:id', lazy: async () => ({ Component: (await import('@/features/contacts/ContactPage')).ContactPage }) },
      { path: 'opportunities', lazy: async () => ({ Component: (await import('@/features/opportunities/OpportunityList')).OpportunityList }) },
      { path: 'opportunities/new', lazy: async () => ({ Component: (await import('@/features/opportunities/NewOpportunity')).NewOpportunity }) },
      { path: 'opportunities/:id', lazy: async () => ({ Component: (await import('@/features/opportunities/OpportunityPage')).OpportunityPage }) },
      { path: 'tasks', lazy: async () => ({ Component: (await import('@/features/activities/MyTasks')).MyTasks }) },
      { path: '*', element: <NotFound /> },
    ],
  }],
}]);
