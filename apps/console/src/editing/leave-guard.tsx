import { AlertDialog, DialogContainer } from '@react-spectrum/s2';
import { useBlocker } from '@tanstack/react-router';
import { useSay } from '../locale/locale.tsx';

/** Asks before unsaved changes are lost by leaving the page. */
export function LeaveGuard({ unsaved }: { unsaved: boolean }) {
  const say = useSay();
  const blocker = useBlocker({
    shouldBlockFn: () => unsaved,
    enableBeforeUnload: unsaved,
    withResolver: true,
  });
  return (
    <DialogContainer onDismiss={() => blocker.reset?.()}>
      {blocker.status === 'blocked' && (
        <AlertDialog
          variant="warning"
          title={say('leave.title')}
          primaryActionLabel={say('leave.leave')}
          cancelLabel={say('leave.stay')}
          onPrimaryAction={blocker.proceed}
          onCancel={blocker.reset}
        >
          {say('leave.what')}
        </AlertDialog>
      )}
    </DialogContainer>
  );
}
