import { Button } from '@mantine/core';
import { Link, useRouteError } from 'react-router';
import { Empty, Failed } from '@/shared/States';
import { usePage } from './page';

export function NotFound() {
  usePage('Not found');
  return <Empty action={<Button component={Link} to="/leads">Go to leads</Button>}>There is nothing at this address. It may have been moved, or the link may be incomplete.</Empty>;
}

export function PageFailed() {
  return <Failed what="This page could not be shown." error={useRouteError()} retry={() => location.reload()} />;
}
