import { RouterProvider } from 'react-router';
import { SetUpSecondFactor } from '@/features/session/SetUpSecondFactor';
import { useSession } from '@/features/session/session';
import { SignIn } from '@/features/session/SignIn';
import { Failed, Loading } from '@/shared/States';
import { router } from './routes';

/** Nobody signed in: the sign-in, whatever the address; it stays, and its page follows. */
export function App() {
  const session = useSession();
  if (session.isPending) return <Loading label="LeadCrm is loading" />;
  if (session.isError && !session.data) return <main><Failed what="LeadCrm cannot be reached." error={session.error} retry={() => session.refetch()} /></main>;
  if (!session.data) return <SignIn />;
  if (session.data.mustSetUpSecondFactor) return <SetUpSecondFactor />;
  return <RouterProvider router={router} />;
}
