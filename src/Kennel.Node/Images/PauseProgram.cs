using System.Buffers.Binary;

namespace Kennel.Node.Images;

/// <summary>
/// The program that holds a pod's namespaces: waits, reaps orphans where the pod shares its processes, and ends at TERM or INT. It is made
/// here, as a static ELF file of some two hundred bytes, because no registry may be reachable and no C compiler may be installed.
/// </summary>
internal static class PauseProgram
{
    // push 0x14002; mov rsi,rsp          the set of INT, TERM and CHLD (bit: signal - 1)
    // xor edi,edi; xor edx,edx           SIG_BLOCK, no old set
    // push 8; pop r10; push 14; pop rax; syscall                    rt_sigprocmask: blocked signals queue up, even for pid 1
    // wait: mov rdi,rsp; xor esi,esi; xor edx,edx                   no details, no time limit
    // push 8; pop r10; mov eax,128; syscall                         rt_sigtimedwait
    // cmp eax,17; je reap; test eax,eax; js wait                    CHLD; interrupted
    // xor edi,edi; push 60; pop rax; syscall                        exit(0)
    // reap: push -1; pop rdi; xor esi,esi; push 1; pop rdx; xor r10d,r10d
    // push 61; pop rax; syscall; test eax,eax; jg reap; jmp wait    wait4(-1, 0, WNOHANG, 0) until nothing is left
    private static ReadOnlySpan<byte> Amd64 =>
    [
        0x68, 0x02, 0x40, 0x01, 0x00, 0x48, 0x89, 0xe6, 0x31, 0xff, 0x31, 0xd2, 0x6a, 0x08, 0x41, 0x5a, 0x6a, 0x0e, 0x58, 0x0f,
        0x05, 0x48, 0x89, 0xe7, 0x31, 0xf6, 0x31, 0xd2, 0x6a, 0x08, 0x41, 0x5a, 0xb8, 0x80, 0x00, 0x00, 0x00, 0x0f, 0x05, 0x83,
        0xf8, 0x11, 0x74, 0x0b, 0x85, 0xc0, 0x78, 0xe5, 0x31, 0xff, 0x6a, 0x3c, 0x58, 0x0f, 0x05, 0x6a, 0xff, 0x5f, 0x31, 0xf6,
        0x6a, 0x01, 0x5a, 0x45, 0x31, 0xd2, 0x6a, 0x3d, 0x58, 0x0f, 0x05, 0x85, 0xc0, 0x7f, 0xec, 0xeb, 0xc8,
    ];

    // The same with arm64's numbers: rt_sigprocmask 135, rt_sigtimedwait 137, exit 93, wait4 260.
    private static ReadOnlySpan<uint> Arm64 =>
    [
        0xd2880040, 0xf2a00020, 0xf81f0fe0,                                     // mov x0,#0x4002; movk x0,#1,lsl #16; str x0,[sp,#-16]!
        0xd2800000, 0x910003e1, 0xd2800002, 0xd2800103, 0xd28010e8, 0xd4000001, // SIG_BLOCK, sp, 0, 8; x8=135; svc
        0x910003e0, 0xd2800001, 0xd2800002, 0xd2800103, 0xd2801128, 0xd4000001, // wait: sp, 0, 0, 8; x8=137; svc
        0x7100441f, 0x540000a0, 0x37ffff00,                                     // cmp w0,#17; b.eq reap; tbnz w0,#31,wait
        0xd2800000, 0xd2800ba8, 0xd4000001,                                     // exit(0)
        0x92800000, 0xd2800001, 0xd2800022, 0xd2800003, 0xd2802088, 0xd4000001, // reap: -1, 0, WNOHANG, 0; x8=260; svc
        0x7100001f, 0x54ffff2c, 0x17ffffec,                                     // cmp w0,#0; b.gt reap; b wait
    ];

    private const int HeaderBytes = 64 + 56; // ELF header and one program header
    private const ulong LoadAddress = 0x400000;

    public static byte[] For(string architecture) => architecture switch
    {
        "amd64" => Elf(62, Amd64.ToArray()),
        "arm64" => Elf(183, Words(Arm64)),
        _ => throw new PlatformNotSupportedException($"no pause program for {architecture}"),
    };

    private static byte[] Words(ReadOnlySpan<uint> instructions)
    {
        var code = new byte[instructions.Length * 4];
        for (var i = 0; i < instructions.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(code.AsSpan(i * 4), instructions[i]);
        }
        return code;
    }

    /// <summary>A static executable: one segment, readable and executable, that begins with the headers themselves.</summary>
    private static byte[] Elf(ushort machine, byte[] code)
    {
        var file = new byte[HeaderBytes + code.Length];
        var span = file.AsSpan();
        ReadOnlySpan<byte> identity = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]; // 64 bits, little endian, version 1
        identity.CopyTo(span);
        BinaryPrimitives.WriteUInt16LittleEndian(span[16..], 2);                          // executable
        BinaryPrimitives.WriteUInt16LittleEndian(span[18..], machine);
        BinaryPrimitives.WriteUInt32LittleEndian(span[20..], 1);
        BinaryPrimitives.WriteUInt64LittleEndian(span[24..], LoadAddress + HeaderBytes);  // entry
        BinaryPrimitives.WriteUInt64LittleEndian(span[32..], 64);                         // program headers
        BinaryPrimitives.WriteUInt16LittleEndian(span[52..], 64);
        BinaryPrimitives.WriteUInt16LittleEndian(span[54..], 56);
        BinaryPrimitives.WriteUInt16LittleEndian(span[56..], 1);
        var program = span[64..];
        BinaryPrimitives.WriteUInt32LittleEndian(program, 1);                             // load
        BinaryPrimitives.WriteUInt32LittleEndian(program[4..], 5);                        // read, execute
        BinaryPrimitives.WriteUInt64LittleEndian(program[16..], LoadAddress);
        BinaryPrimitives.WriteUInt64LittleEndian(program[24..], LoadAddress);
        BinaryPrimitives.WriteUInt64LittleEndian(program[32..], (ulong)file.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(program[40..], (ulong)file.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(program[48..], 0x10000);                 // largest page size of arm64
        code.CopyTo(span[HeaderBytes..]);
        return file;
    }
}
