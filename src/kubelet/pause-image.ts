// The program of a pod's sandbox, written byte by byte: it blocks all signals, then waits for them one by one, reaps
// children that ended, and exits with 0 on SIGTERM or SIGINT.
import type { Docker } from "./docker.ts";

/** Marks an image that we made. */
const IMAGE_LABEL = "dev.skiff.image";

/** The image that sandboxes run. */
export const PAUSE_IMAGE = "skiff-pause:1";

const LOAD_ADDRESS = 0x400000;
const HEADERS = 64 + 56;

/** The machine architectures that there is a program for, by Docker's names. */
const MACHINES: Readonly<Record<string, { elfMachine: number; code: readonly number[] }>> = {
  x86_64: {
    elfMachine: 62,
    code: [
      [0x48, 0x83, 0xec, 0x10], //       sub rsp, 16
      [0x48, 0xc7, 0x04, 0x24, 0xff, 0xff, 0xff, 0xff], // mov qword [rsp], -1: every signal
      [0x31, 0xff], //                   xor edi, edi: SIG_BLOCK
      [0x48, 0x89, 0xe6], //             mov rsi, rsp
      [0x31, 0xd2], //                   xor edx, edx
      [0x41, 0xba, 0x08, 0x00, 0x00, 0x00], // mov r10d, 8
      [0xb8, 0x0e, 0x00, 0x00, 0x00], // mov eax, 14: rt_sigprocmask
      [0x0f, 0x05], //                   syscall
      // wait (offset 32):
      [0x48, 0x89, 0xe7], //             mov rdi, rsp
      [0x31, 0xf6], //                   xor esi, esi
      [0x31, 0xd2], //                   xor edx, edx
      [0x41, 0xba, 0x08, 0x00, 0x00, 0x00], // mov r10d, 8
      [0xb8, 0x80, 0x00, 0x00, 0x00], // mov eax, 128: rt_sigtimedwait
      [0x0f, 0x05], //                   syscall
      [0x83, 0xf8, 0x0f], //             cmp eax, SIGTERM
      [0x74, 0x1f], //                   je exit
      [0x83, 0xf8, 0x02], //             cmp eax, SIGINT
      [0x74, 0x1a], //                   je exit
      // reap (offset 62):
      [0x6a, 0xff], //                   push -1
      [0x5f], //                         pop rdi: any child
      [0x31, 0xf6], //                   xor esi, esi
      [0x6a, 0x01], //                   push 1
      [0x5a], //                         pop rdx: WNOHANG
      [0x45, 0x31, 0xd2], //             xor r10d, r10d
      [0xb8, 0x3d, 0x00, 0x00, 0x00], // mov eax, 61: wait4
      [0x0f, 0x05], //                   syscall
      [0x85, 0xc0], //                   test eax, eax
      [0x7f, 0xea], //                   jg reap
      [0xeb, 0xca], //                   jmp wait
      [0x90, 0x90], //                   padding
      // exit (offset 88):
      [0x31, 0xff], //                   xor edi, edi
      [0xb8, 0x3c, 0x00, 0x00, 0x00], // mov eax, 60: exit
      [0x0f, 0x05], //                   syscall
    ].flat(),
  },
  aarch64: {
    elfMachine: 183,
    code: [
      0xd10043ff, // sub sp, sp, #16
      0x92800001, // mov x1, #-1: every signal
      0xf90003e1, // str x1, [sp]
      0xd2800000, // mov x0, #0: SIG_BLOCK
      0x910003e1, // mov x1, sp
      0xd2800002, // mov x2, #0
      0xd2800103, // mov x3, #8
      0xd28010e8, // mov x8, #135: rt_sigprocmask
      0xd4000001, // svc #0
      // wait:
      0x910003e0, // mov x0, sp
      0xd2800001, // mov x1, #0
      0xd2800002, // mov x2, #0
      0xd2800103, // mov x3, #8
      0xd2801128, // mov x8, #137: rt_sigtimedwait
      0xd4000001, // svc #0
      0xf1003c1f, // cmp x0, #SIGTERM
      0x54000180, // b.eq exit (+12)
      0xf100081f, // cmp x0, #SIGINT
      0x54000140, // b.eq exit (+10)
      // reap:
      0x92800000, // mov x0, #-1: any child
      0xd2800001, // mov x1, #0
      0xd2800022, // mov x2, #1: WNOHANG
      0xd2800003, // mov x3, #0
      0xd2802088, // mov x8, #260: wait4
      0xd4000001, // svc #0
      0xf100001f, // cmp x0, #0
      0x54ffff2c, // b.gt reap (-7)
      0x17ffffee, // b wait (-18)
      // exit:
      0xd2800000, // mov x0, #0
      0xd2800ba8, // mov x8, #93: exit
      0xd4000001, // svc #0
    ].flatMap((word) => [word & 0xff, (word >>> 8) & 0xff, (word >>> 16) & 0xff, word >>> 24]),
  },
};

/** Docker's architecture names that mean one of ours. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: "x86_64", amd64: "x86_64", aarch64: "aarch64", arm64: "aarch64" };

/** The static program for an architecture as `docker info` names it. Throws an Error for one that there is none for. */
export function pauseProgram(architecture: string): Uint8Array {
  const machine = MACHINES[ARCHITECTURES[architecture] ?? ""];
  if (machine === undefined) throw new Error(`no pause program for the architecture ${JSON.stringify(architecture)}: x86_64 and aarch64 are supported`);
  const size = HEADERS + machine.code.length;
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 2, true); // an executable
  view.setUint16(18, machine.elfMachine, true);
  view.setUint32(20, 1, true);
  view.setBigUint64(24, BigInt(LOAD_ADDRESS + HEADERS), true); // entry
  view.setBigUint64(32, 64n, true); // program headers
  view.setUint16(52, 64, true);
  view.setUint16(54, 56, true);
  view.setUint16(56, 1, true);
  view.setUint32(64, 1, true); // a segment to load
  view.setUint32(68, 5, true); // read, execute
  view.setBigUint64(80, BigInt(LOAD_ADDRESS), true);
  view.setBigUint64(88, BigInt(LOAD_ADDRESS), true);
  view.setBigUint64(96, BigInt(size), true);
  view.setBigUint64(104, BigInt(size), true);
  view.setBigUint64(112, 0x1000n, true);
  file.set(machine.code, HEADERS);
  return file;
}

/** A tar archive that holds one executable file. */
export function tarOf(name: string, content: Uint8Array): Uint8Array {
  const archive = new Uint8Array(512 + Math.ceil(content.length / 512) * 512 + 1024);
  const text = (offset: number, value: string) => archive.set(new TextEncoder().encode(value), offset);
  text(0, name);
  text(100, "0000755\0");
  text(108, "0000000\0");
  text(116, "0000000\0");
  text(124, `${content.length.toString(8).padStart(11, "0")}\0`);
  text(136, "00000000000\0");
  text(148, "        ");
  text(156, "0");
  text(257, "ustar\u000000");
  const sum = archive.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  text(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  archive.set(content, 512);
  return archive;
}

/** Makes the pause image unless it is there. */
export async function ensurePauseImage(docker: Docker, architecture: () => Promise<string>): Promise<void> {
  if ((await docker.call(["image", "inspect", "--format", "{{.Id}}", PAUSE_IMAGE])).exitCode === 0) return;
  const changes = ['ENTRYPOINT ["/pause"]', `LABEL ${IMAGE_LABEL}=pause`];
  await docker.run(["import", ...changes.flatMap((change) => ["--change", change]), "-", PAUSE_IMAGE], {
    input: tarOf("pause", pauseProgram(await architecture())),
  });
}
