using Kennel.Node.Runtime.Grpc;

namespace Kennel.Node.Runtime.Containerd;

/// <summary>
/// The private containerd. It runs in a session of its own, as nobody's child, so that neither a signal to us nor our death ends it: pods go
/// on, and the next start of ours takes it over. It is found again by its command line, which names a configuration file that only this
/// instance has.
/// </summary>
internal sealed class ContainerdProcess(ContainerdOptions options, Tools tools, TimeProvider time)
{
    internal const UnixFileMode FolderMode = (UnixFileMode)0b111_001_001; // pods of any user pass through, and see nothing
    private const long LogBytes = 10 << 20;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60); // a busy machine with many images to look through
    private static readonly TimeSpan TakeOverPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    public int? Id => Processes.Find("containerd", "--config", options.ConfigFile) is [var id, ..] ? id : null;

    /// <summary>Takes over the one that runs, or starts one; returns when it answers.</summary>
    /// <returns>Whether it was running before.</returns>
    /// <exception cref="RuntimeException">RuntimeUnavailable, with the end of its log.</exception>
    public async Task<bool> Ensure(CriClient cri, CancellationToken cancel)
    {
        var changed = WriteFiles();
        if (Id is { } running)
        {
            if (!changed && await Answers(cri, running, TakeOverPatience, cancel))
            {
                return true;
            }
            await Processes.Stop(running, StopPatience, time); // pods don't notice
        }
        File.Delete(options.Socket);
        await Launch(cancel);
        if (!await Answers(cri, null, StartPatience, cancel))
        {
            throw new RuntimeException("RuntimeUnavailable", $"containerd doesn't start: {LastWords()} (more in {options.LogFile})");
        }
        return false;
    }

    public async Task Stop()
    {
        foreach (var id in Processes.Find("containerd", "--config", options.ConfigFile))
        {
            await Processes.Stop(id, StopPatience, time);
        }
    }

    private bool WriteFiles()
    {
        if (options.Bridge.Length > 15 || options.Socket.Length > 100)
        {
            throw new RuntimeException("RuntimeUnavailable", $"the instance's id {options.InstanceId} is too long for a network link or a socket");
        }
        foreach (var folder in (string[])[options.RunDirectory, options.Root, options.CniConfigDirectory, options.LeaseDirectory])
        {
            if (!OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder, FolderMode);
            }
        }
        var snapshotter = Mounts.TakesOverlay(options.Root) ? "overlayfs" : "native";
        Replace(Path.Combine(options.CniConfigDirectory, "10-kennel.conflist"), ContainerdConfig.Conflist(options));
        var registries = RegistrySettings.Of(options);
        if (Directory.Exists(options.RegistryFolder))
        {
            Directory.Delete(options.RegistryFolder, recursive: true);
        }
        foreach (var (host, text) in registries.Hosts)
        {
            Replace(Path.Combine(Directory.CreateDirectory(Path.Combine(options.RegistryFolder, host)).FullName, "hosts.toml"), text);
        }
        return Replace(options.ConfigFile, ContainerdConfig.Toml(options, tools, snapshotter, registries));
    }

    private static bool Replace(string path, string text)
    {
        if (File.Exists(path) && File.ReadAllText(path) == text)
        {
            return false;
        }
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // logins may be in it
        }
        using (var file = new FileStream(path + ".new", options))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
        }
        File.Move(path + ".new", path, overwrite: true);
        return true;
    }

    private async Task Launch(CancellationToken cancel)
    {
        if (File.Exists(options.LogFile) && new FileInfo(options.LogFile).Length > LogBytes)
        {
            File.Move(options.LogFile, options.LogFile + ".1", overwrite: true);
        }
        // PATH: containerd looks for its shim and for iptables there.
        const string script = """PATH="$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" exec "$1" --config "$2" </dev/null >>"$3" 2>&1""";
        var launched = await Processes.Run(Tools.OnPath("setsid", File.Exists) ?? "setsid", ["--fork", "sh", "-c", "cd /; " + script, "sh", tools.Containerd, options.ConfigFile, options.LogFile], cancel);
        if (launched.ExitCode != 0)
        {
            throw new RuntimeException("RuntimeUnavailable", $"containerd doesn't start: {launched.Problem}");
        }
    }

    private async Task<bool> Answers(CriClient cri, int? process, TimeSpan patience, CancellationToken cancel)
    {
        var end = time.GetUtcNow() + patience;
        while (time.GetUtcNow() < end)
        {
            try
            {
                await cri.Version(TimeSpan.FromSeconds(2), cancel);
                return true;
            }
            catch (GrpcException)
            {
                var now = Id;
                if ((process is not null && now != process) || (now is null && Died()))
                {
                    return false;
                }
                await Task.Delay(Pause, time, cancel);
            }
        }
        return false;
    }

    /// <summary>Neither containerd nor the shell that becomes it is there.</summary>
    private bool Died() => Processes.Find("sh", options.ConfigFile).Count == 0 && Processes.Find("setsid", options.ConfigFile).Count == 0 && Id is null;

    private string LastWords()
    {
        try
        {
            var lines = File.ReadLines(options.LogFile).TakeLast(200).ToList();
            return lines.LastOrDefault(line => line.Contains("level=fatal") || line.StartsWith("containerd:", StringComparison.Ordinal))
                ?? lines.LastOrDefault() ?? "it wrote no log";
        }
        catch (IOException)
        {
            return "it wrote no log";
        }
    }
}
