import { Button, Group, Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Problem } from '@/api/problem';

/** Asks before something that cannot be undone, and says what it will do. */
export function Confirm({ title, label, children, run, onClose, ready = true }: { title: string; label: string; children: ReactNode; run: () => Promise<unknown>; onClose: () => void; ready?: boolean }) {
  const running = useMutation({ mutationFn: run, onSuccess: onClose });
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(event) => { event.preventDefault(); event.stopPropagation(); if (ready && !running.isPending) running.mutate(); }}>
        {children}
        {running.error && <p role="alert" style={{ color: 'var(--lc-bad)', marginTop: 12 }} className="breaks">{Problem.of(running.error).words}</p>}
        <Group justify="flex-end" mt="lg"><Button variant="subtle" color="gray" onClick={onClose}>Cancel</Button><Button type="submit" loading={running.isPending} disabled={!ready}>{label}</Button></Group>
      </form>
    </Modal>
  );
}
