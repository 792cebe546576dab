using System.Diagnostics;
using Kennel.Node.Images;

namespace Kennel.Node.Tests.Containers;

/// <summary>An image made of the machine's static busybox, since no registry may be reachable.</summary>
public static class BusyboxImage
{
    public const string Tag = "kennel.test/busybox:1";

    public static async Task Write(string archivePath, string tag = Tag, IReadOnlyList<string>? environment = null)
    {
        var root = Directory.CreateTempSubdirectory("kennel-busybox-").FullName;
        try
        {
            foreach (var folder in (string[])["bin", "etc", "tmp", "home", "proc", "sys", "dev"])
            {
                Directory.CreateDirectory(Path.Combine(root, folder));
            }
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(Path.Combine(root, "tmp"), (UnixFileMode)0b001_111_111_111);
            }
            File.Copy("/usr/bin/busybox", Path.Combine(root, "bin/busybox"));
            foreach (var applet in await Applets())
            {
                if (applet != "busybox")
                {
                    File.CreateSymbolicLink(Path.Combine(root, "bin", applet), "busybox");
                }
            }
            await File.WriteAllTextAsync(Path.Combine(root, "etc/passwd"), "root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n");
            await File.WriteAllTextAsync(Path.Combine(root, "etc/group"), "root:x:0:\nnobody:x:65534:\n");
            var config = new ImageConfig([tag], ImageConfig.ThisArchitecture, [], ["sh"], ["PATH=/bin", "FROM_IMAGE=yes", .. environment ?? []], "/home");
            await OciArchive.WriteFolder(archivePath, root, config, CancellationToken.None);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task<string[]> Applets()
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/busybox", ["--list"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        return (await process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
