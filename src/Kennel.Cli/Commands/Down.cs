using System.CommandLine;
using Kennel.Node.Runtime.Containerd;

namespace Kennel.Cli.Commands;

static class Down
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90); // pods may use their grace periods

    public static Command Command()
    {
        var data = Options.DataDir();
        var purge = new Option<bool>("--purge") { Description = "Removes the state and the volumes too." };
        var command = new Command("down", "Stops an instance with its pods; objects and volumes stay for the next `kennel up`.") { data, purge };
        command.SetAction((parsed, cancel) => Complaint.Catch(() => Run(parsed.GetValue(data)!, parsed.GetValue(purge), cancel)));
        return command;
    }

    static async Task<int> Run(string dataFolder, bool purge, CancellationToken cancel)
    {
        if (Instance.Find(dataFolder) is not { } instance)
        {
            Console.WriteLine($"nothing was started with {dataFolder}");
            return 0;
        }
        if (RunningProcess.Of(instance) is { } pid)
        {
            Console.WriteLine($"stopping kennel (pid {pid}) and its pods");
            await RunningProcess.Stop(pid, s_patience);
        }
        if (Environment.IsPrivilegedProcess) await Sweep(instance, purge, cancel);
        if (purge)
        {
            instance.Release();
            Directory.Delete(instance.DataFolder, recursive: true);
            Console.WriteLine($"removed {instance.DataFolder}");
        }
        return 0;
    }

    /// <summary>What a kennel that was killed may have left: pods, rules, mounts.</summary>
    static async Task Sweep(Instance instance, bool purge, CancellationToken cancel)
    {
        await ContainerdRuntime.TearDown(instance.Containerd, purge, TimeProvider.System, cancel);
        await Machine.RemoveNetwork(instance, cancel);
    }
}
