import { ActionIcon, Indicator, Popover } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBell } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api, body } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/activities';
import { useMe } from '@/features/session/session';
import { Failed, Loading } from '@/shared/States';
import { When } from '@/shared/When';
import classes from './Notifications.module.css';

type Notification = components['schemas']['NotificationsItem'];
const key = ['notifications'];

/** What one was told, newest first. */
export function Notifications() {
  const me = useMe();
  const [opened, { toggle, close }] = useDisclosure(false);
  const list = useQuery({
    queryKey: key, queryFn: () => body(api.activities.GET('/api/notifications', { params: { query: { limit: 20 } } })),
    refetchInterval: 60_000, enabled: me.may('activities.read'),
  });
  if (!me.may('activities.read')) return null;
  const unread = list.data?.items.filter((item) => !item.readAt).length ?? 0;

  async function open(item: Notification) {
    close();
    if (item.readAt) return;
    await api.activities.PUT('/api/notifications/{id}/read', { params: { path: { id: item.id } }, body: { read: true } });
    await queries.invalidateQueries({ queryKey: key });
  }

  return (
    <Popover opened={opened} onChange={(open) => { if (!open) close(); }} width={340} position="bottom-end" trapFocus returnFocus>
      <Indicator disabled={unread === 0} label={unread} size={16} offset={4}>
        <Popover.Target><ActionIcon variant="subtle" color="gray" size="lg" aria-label={unread ? `Notifications, ${unread} unread` : 'Notifications'} onClick={toggle}><IconBell size={18} /></ActionIcon></Popover.Target>
      </Indicator>
      <Popover.Dropdown p={0} aria-label="Notifications">
        {list.isPending ? <Loading lines={3} /> : list.isError ? <Failed what="They could not be loaded." error={list.error} retry={() => list.refetch()} />
          : list.data.items.length === 0 ? <p className={`muted ${classes.empty}`}>Reminders of tasks and news of conversions come here.</p> : (
            <ul className={classes.list}>
              {list.data.items.map((item) => (
                <li key={item.id} data-unread={!item.readAt || undefined}>
                  {item.recordType === 'lead' ? <Link to={`/leads/${item.recordId}`} onClick={() => void open(item)}>{item.text}</Link> : <button type="button" onClick={() => void open(item)}>{item.text}</button>}
                  <span className="muted small"><When at={item.at} /></span>
                </li>
              ))}
            </ul>
          )}
      </Popover.Dropdown>
    </Popover>
  );
}
