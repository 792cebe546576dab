using System.CommandLine;
using System.Globalization;
using Kennel.Node.Images;
using Kennel.Node.Runtime;
using Kennel.Node.Runtime.Containerd;

namespace Kennel.Cli.Commands;

/// <summary>Images without a registry: packed from a folder, loaded from an archive.</summary>
static class Image
{
    const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public static Command Command() => new("image", "Container images of an instance.") { Load(), List(), Pack() };

    static Command Load()
    {
        var data = Options.DataDir();
        var archive = new Argument<string>("archive") { Description = "What `docker save`, `kennel image pack` or an OCI tool wrote (.tar, .tar.gz)." };
        var command = new Command("load", "Loads images from an archive, so that pods can run them.") { archive, data };
        command.SetAction((parsed, cancel) => Complaint.Catch(async () =>
        {
            var file = parsed.GetValue(archive)!;
            if (!File.Exists(file)) throw new Complaint($"there is no file {file}");
            await using var runtime = await Runtime(parsed.GetValue(data)!, cancel);
            foreach (var name in await runtime.Images.ImportAsync(file, cancel)) Console.WriteLine($"loaded {name}");
            return 0;
        }));
        return command;
    }

    static Command List()
    {
        var data = Options.DataDir();
        var command = new Command("list", "Lists the images that are here.") { data };
        command.SetAction((parsed, cancel) => Complaint.Catch(async () =>
        {
            await using var runtime = await Runtime(parsed.GetValue(data)!, cancel);
            foreach (var image in await runtime.Images.List(cancel))
                foreach (var name in image.Tags.DefaultIfEmpty(image.Id))
                    Console.WriteLine($"{name}  {Size(image.Size)}");
            return 0;
        }));
        return command;
    }

    static Command Pack()
    {
        var folder = new Argument<string>("folder") { Description = "The root file system of the image." };
        var names = new Option<string[]>("--name") { Description = "What pods call it (again for more names).", Required = true, HelpName = "NAME:TAG" };
        var work = new Option<string>("--workdir") { Description = "Where the command runs.", DefaultValueFactory = _ => "/" };
        var entrypoint = new Option<string[]>("--entrypoint") { Description = "What the command is given to, a word an option; pods replace it by `command`." };
        var words = new Option<string[]>("--command") { Description = "The command, a word an option; pods replace it by `args`, or with the entrypoint by `command`." };
        var variables = new Option<string[]>("--env") { Description = "NAME=value, again for more." };
        var user = new Option<string>("--user") { Description = "Who runs it: a name or number of the image.", DefaultValueFactory = _ => "" };
        var stop = new Option<string>("--stop-signal") { Description = "What tells it to stop, if that isn't SIGTERM.", HelpName = "SIGNAL" };
        var output = new Option<string>("--output") { Description = "The archive to write.", Required = true };
        var command = new Command("pack", "Makes an image archive from a folder, without Docker and without a registry.") { folder, names, work, entrypoint, words, variables, user, stop, output };
        command.SetAction((parsed, cancel) => Complaint.Catch(async () =>
        {
            var root = parsed.GetValue(folder)!;
            if (!Directory.Exists(root)) throw new Complaint($"there is no folder {root}");
            string[] given = parsed.GetValue(variables) ?? [], path = given.Any(v => v.StartsWith("PATH=", StringComparison.Ordinal)) ? [] : [DefaultPath];
            var config = new ImageConfig(
                parsed.GetValue(names)!, ImageConfig.ThisArchitecture, parsed.GetValue(entrypoint) ?? [], parsed.GetValue(words) ?? [], [.. path, .. given],
                parsed.GetValue(work)!, parsed.GetValue(user)!, parsed.GetValue(stop));
            await OciArchive.WriteFolder(parsed.GetValue(output)!, root, config, cancel);
            return 0;
        }));
        return command;
    }

    /// <exception cref="Complaint">No instance with containers has been started with this data directory.</exception>
    static async Task<ContainerdRuntime> Runtime(string dataFolder, CancellationToken cancel) =>
        Instance.Find(dataFolder) is { } instance && Directory.Exists(instance.RunFolder)
            ? await ContainerdRuntime.Start(instance.Containerd, TimeProvider.System, cancel)
            : throw new Complaint($"no containers run for {dataFolder}: start an instance with `kennel up --data-dir {dataFolder}` first");

    static string Size(long bytes) => bytes >= 1_000_000 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB") : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0} kB");
}
