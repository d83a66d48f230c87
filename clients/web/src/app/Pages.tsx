import { Button } from '@mantine/core';
import { Link, Outlet, useRouteError } from 'react-router';
import { useMe } from '@/features/session/session';
import { Empty, Failed } from '@/shared/States';
import { usePage } from './page';

export function NotFound() {
  usePage('Not found');
  return <Empty action={<Button component={Link} to="/leads">Go to leads</Button>}>There is nothing at this address. It may have been moved, or the link may be incomplete.</Empty>;
}

export function PageFailed() {
  return <Failed what="This page could not be shown." error={useRouteError()} retry={() => location.reload()} />;
}

/** Pages that are only for who may do what they are for: others followed a link, and are told so instead of filling in what would be refused. */
export function Needs({ permission }: { permission: string }) {
  const me = useMe();
  return me.may(permission) ? <Outlet /> : <NotAllowed permission={permission} />;
}

function NotAllowed({ permission }: { permission: string }) {
  usePage('Not allowed');
  return <Empty action={<Button component={Link} to="/">Go home</Button>}>Your role does not allow this: it takes the permission {permission}. Ask your administrator if you need it.</Empty>;
}
