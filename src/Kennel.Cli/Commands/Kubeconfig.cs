using System.CommandLine;

namespace Kennel.Cli.Commands;

static class Kubeconfig
{
    public static Command Command()
    {
        var data = Options.DataDir();
        var command = new Command("kubeconfig", "Prints the administrator's kubeconfig of an instance.") { data };
        command.SetAction((parsed, _) => Complaint.Catch(async () =>
        {
            Console.Write(await File.ReadAllTextAsync(FileOf(parsed.GetValue(data)!)));
            return 0;
        }));
        return command;
    }

    /// <exception cref="Complaint">No instance has been started with this data directory.</exception>
    public static string FileOf(string dataFolder)
    {
        var file = Instance.Find(dataFolder)?.KubeconfigFile;
        return file is not null && File.Exists(file) ? file : throw new Complaint($"there is no kubeconfig in {dataFolder}: start an instance with `kennel up --data-dir {dataFolder}` first");
    }
}
