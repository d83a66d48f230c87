import { Button, TextInput } from '@mantine/core';
import { IconPhone } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { newKey } from '@/api/client';
import { Problem } from '@/api/problem';
import { tell } from '@/shared/notices';
import { activitiesChanged, logCall, type RecordType } from './queries';

/** One line to log a call with somebody, where their name stands. */
export function LogInRow({ type, id, name, onDone }: { type: RecordType; id: string; name: string; onDone: () => void }) {
  const [text, setText] = useState('');
  const key = useRef(newKey());
  const log = useMutation({
    mutationFn: () => logCall(type, id, text.trim(), key.current),
    onSuccess: async () => { await activitiesChanged(); tell(`The call with ${name} is logged.`); onDone(); },
  });
  return (
    <form style={{ display: 'flex', gap: 8, flex: '1 0 100%' }} onSubmit={(event) => { event.preventDefault(); if (text.trim()) log.mutate(); }}>
      <TextInput autoFocus style={{ flex: 1 }} leftSection={<IconPhone size={16} aria-hidden />} aria-label={`What was said with ${name}`} placeholder="What was said, then Enter" value={text} onChange={(event) => setText(event.currentTarget.value)} error={log.isError && Problem.of(log.error).message}
        onKeyDown={(event) => { if (event.key === 'Escape') onDone(); }} />
      <Button type="submit" loading={log.isPending} disabled={!text.trim()}>Log</Button>
    </form>
  );
}
