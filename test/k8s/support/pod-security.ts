/**
 * The level "restricted" of Kubernetes' Pod Security Standards, as a list of what a pod breaks. A namespace that enforces it refuses
 * such pods. https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
import type { PodTemplate } from './objects.ts';

const allowedVolumes = /^(?:configMap|csi|downwardAPI|emptyDir|ephemeral|persistentVolumeClaim|projected|secret)$/;
const allowedCapabilities = new Set(['NET_BIND_SERVICE']);

/** What the pod breaks, in words. */
export const violationsOf = ({ spec }: PodTemplate): readonly string[] => {
  const found: string[] = [];
  const demand = (isRight: boolean, what: string): void => void (isRight || found.push(what));
  const { securityContext: pod = {}, volumes = [] } = spec;
  for (const name of ['hostNetwork', 'hostPID', 'hostIPC']) demand(spec[name] !== true, name);
  demand(pod['runAsNonRoot'] === true, 'runAsNonRoot');
  demand(pod['runAsUser'] !== 0, 'runAsUser');
  demand((pod['seccompProfile'] as { type?: string } | undefined)?.type === 'RuntimeDefault', 'seccompProfile');
  for (const name of ['sysctls', 'seLinuxOptions', 'appArmorProfile', 'windowsOptions']) demand(!(name in pod), name);
  for (const { name, ...source } of volumes) {
    demand(
      Object.keys(source).every(type => allowedVolumes.test(type)),
      `volume ${name}`,
    );
  }
  const { containers, initContainers = [], ephemeralContainers = [] } = spec;
  for (const { securityContext = {}, ports = [] } of [...containers, ...initContainers, ...ephemeralContainers]) {
    const { capabilities = {} } = securityContext;
    demand(securityContext.allowPrivilegeEscalation === false, 'allowPrivilegeEscalation');
    demand(securityContext.privileged !== true, 'privileged');
    demand(capabilities.drop?.includes('ALL') === true, 'capabilities.drop');
    demand(
      (capabilities.add ?? []).every(each => allowedCapabilities.has(each)),
      'capabilities.add',
    );
    demand(
      ports.every(port => !('hostPort' in port)),
      'hostPort',
    );
    for (const name of ['procMount', 'seccompProfile', 'runAsNonRoot', 'runAsUser']) {
      demand(!(name in securityContext), `${name} of a container`);
    }
  }
  return found;
};
