using System.Text.Json.Nodes;
using Kennel.Node.Runtime.Grpc;

namespace Kennel.Node.Runtime.Containerd;

/// <summary>Takes everything of an instance off the machine, whatever state it is in; safe to run again.</summary>
internal sealed class Teardown(ContainerdOptions options, TimeProvider time)
{
    private const string ResultCache = "/var/lib/cni/results"; // libcni's, the same for everyone

    public async Task Run(bool erase, CancellationToken cancel)
    {
        if (!Directory.Exists(options.RunDirectory) && !Directory.Exists(options.Root))
        {
            return;
        }
        var cgroups = PodCgroups();
        await RemovePods(cancel);
        await new ContainerdProcess(options, new Tools("", "", "", "", "", false), time).Stop();
        await EndLeftOvers(cancel);
        await RemoveNetwork(cancel);
        foreach (var cgroup in cgroups)
        {
            PodCgroup.Remove(cgroup);
        }
        PodCgroup.RemoveEmptyParents();
        Mounts.Detach(options.PodsDirectory);
        Mounts.Delete(options.RunDirectory);
        RemoveIfEmpty(Path.GetDirectoryName(options.RunDirectory)!);
        if (erase)
        {
            Mounts.Delete(options.Root);
            foreach (var log in Directory.Exists(options.DataDirectory) ? Directory.GetFiles(options.DataDirectory, "containerd.log*") : [])
            {
                File.Delete(log);
            }
        }
        else
        {
            Mounts.Detach(options.Root);
        }
    }

    /// <summary>The cgroups above those of the containers there are, from what their shims were started with.</summary>
    private SortedSet<string> PodCgroups()
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        var tasks = Path.Combine(options.StateDirectory, "io.containerd.runtime.v2.task", "k8s.io");
        foreach (var folder in Directory.Exists(tasks) ? Directory.GetDirectories(tasks) : [])
        {
            var config = Path.Combine(folder, "config.json");
            if (File.Exists(config) && JsonNode.Parse(File.ReadAllText(config))?["linux"]?["cgroupsPath"] is { } path)
            {
                found.Add(Path.GetDirectoryName(path.ToString()) ?? "");
            }
        }
        return found;
    }

    /// <summary>The orderly way: containerd is asked, and started for it when it isn't there.</summary>
    private async Task RemovePods(CancellationToken cancel)
    {
        try
        {
            await using var runtime = await ContainerdRuntime.Start(options, time, cancel);
            var snapshot = await runtime.Snapshot(cancel);
            await Task.WhenAll(snapshot.Sandboxes.Select(sandbox => Remove(runtime, sandbox, cancel)));
        }
        catch (Exception failure) when (failure is RuntimeException or GrpcException or IOException)
        {
            // containerd is gone or broken: EndLeftOvers does it the hard way
        }
    }

    private static async Task Remove(ContainerdRuntime runtime, SandboxState sandbox, CancellationToken cancel)
    {
        await Task.WhenAll(sandbox.Containers.Where(container => container.Phase == ContainerPhase.Running)
            .Select(container => runtime.StopContainer(container.Id, TimeSpan.FromSeconds(sandbox.GraceSeconds), cancel)));
        await runtime.RemoveSandbox(sandbox.Id, cancel);
    }

    /// <summary>Containers that containerd didn't remove: by runc, and then their shims.</summary>
    private async Task EndLeftOvers(CancellationToken cancel)
    {
        var root = Path.Combine(options.RuncRoot, "k8s.io");
        foreach (var container in Directory.Exists(root) ? Directory.GetDirectories(root) : [])
        {
            await TryRun("runc", ["--root", root, "delete", "--force", Path.GetFileName(container)], cancel);
        }
        foreach (var shim in Processes.Find("containerd-shim-runc-v2", "-address", options.Socket))
        {
            await Processes.Stop(shim, TimeSpan.FromSeconds(2), time);
        }
    }

    private async Task RemoveNetwork(CancellationToken cancel)
    {
        if (Directory.Exists($"/sys/class/net/{options.Bridge}"))
        {
            await TryRun("ip", ["link", "delete", options.Bridge], cancel);
        }
        var rules = NatRules.Removal((await TryRun("iptables-save", ["-t", "nat"], cancel)).Output ?? "", options.NetworkName);
        if (rules.Length > 0)
        {
            var file = Path.Combine(options.RunDirectory, "nat-rules");
            await File.WriteAllTextAsync(file, rules, cancel);
            await TryRun("iptables-restore", ["--noflush", file], cancel);
        }
        foreach (var result in Directory.Exists(ResultCache) ? Directory.GetFiles(ResultCache, options.NetworkName + "-*") : [])
        {
            File.Delete(result);
        }
    }

    private static async Task<CommandResult> TryRun(string program, string[] arguments, CancellationToken cancel)
    {
        try
        {
            return await Processes.Run(Tools.OnPath(program, File.Exists) ?? program, arguments, cancel); // sbin may not be on a user's PATH
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return default; // not installed: then it can't have made anything either
        }
    }

    private static void RemoveIfEmpty(string folder)
    {
        if (Directory.Exists(folder) && Directory.GetFileSystemEntries(folder).Length == 0)
        {
            Directory.Delete(folder);
        }
    }
}
