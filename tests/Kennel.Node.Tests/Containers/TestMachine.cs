using System.Diagnostics;

namespace Kennel.Node.Tests.Containers;

/// <summary>What tests with real containers need of the machine; installed by apt where it is missing.</summary>
public static class TestMachine
{
    private static readonly (string Path, string Package)[] Needs =
    [
        ("/usr/bin/containerd", "containerd"), ("/usr/sbin/runc", "runc"), ("/usr/lib/cni/bridge", "containernetworking-plugins"),
        ("/usr/sbin/nft", "nftables"), ("/usr/sbin/ip", "iproute2"), ("/usr/sbin/iptables", "iptables"), ("/usr/bin/busybox", "busybox-static"),
    ];

    /// <summary>Null when containers can be run here, else why not.</summary>
    public static string? WhyNot { get; } = Prepare();

    private static string? Prepare()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            return "containers need Linux and root";
        }
        var missing = Needs.Where(need => !File.Exists(need.Path)).Select(need => need.Package).ToArray();
        if (missing.Length == 0)
        {
            return null;
        }
        if (!File.Exists("/usr/bin/apt-get"))
        {
            return $"not installed: {string.Join(' ', missing)}";
        }
        return Run("apt-get", ["update", "-q"]) == 0 && Run("apt-get", ["install", "-qy", "--no-install-recommends", .. missing]) == 0
            ? null : $"apt-get can't install {string.Join(' ', missing)}";
    }

    private static int Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}

/// <summary>A test that runs real containers; says why when it can't.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ContainerFactAttribute : FactAttribute
{
    public ContainerFactAttribute() => Skip = TestMachine.WhyNot!;
}
