import { type NotificationData, notifications } from '@mantine/notifications';
import i18next from 'i18next';

/** Says something in passing: named where it is closed, and read out when the reader has time. */
export function showToast(toast: NotificationData): void {
  notifications.show({ role: 'status', closeButtonProps: { 'aria-label': i18next.t('action.close') }, ...toast });
}
