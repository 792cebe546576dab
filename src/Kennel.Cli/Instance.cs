using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kennel.Cli;

/// <summary>
/// One <c>kennel up</c> on this machine: everything it makes there is named after its data directory, so that several don't disturb each other.
/// </summary>
/// <param name="Number">Decides the addresses: pods in 10.(200+n).0.0/16, services in 10.(96+n).0.0/16.</param>
public sealed record Instance(string DataFolder, int Number)
{
    const int MostInstances = 50; // 10.(200+n) and 10.(96+n) stay apart and within a byte
    const string NumbersFolder = "/run/kennel/numbers";

    /// <summary>Eight characters: an interface name has room for fifteen.</summary>
    public string Id { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(DataFolder)))[..8];

    public string RunFolder => $"/run/kennel/{Id}";

    public string Bridge => $"kn-{Id}";

    public string PodCidr => $"10.{200 + Number}.0.0/16";

    public string ServiceCidr => $"10.{96 + Number}.0.0/16";

    /// <summary>Where its private containerd lives.</summary>
    public Node.Runtime.Containerd.ContainerdOptions Containerd => new(Id, DataFolder, PodCidr, RunFolder);

    /// <summary>The Service <c>kubernetes</c>.</summary>
    public string ApiAddress => $"10.{96 + Number}.0.1";

    public string DnsAddress => $"10.{96 + Number}.0.10";

    public string KubeconfigFile => Path.Combine(DataFolder, "kubeconfig");

    public string VolumesFolder => Path.Combine(DataFolder, "volumes");

    /// <summary>Where this process keeps its id while it runs.</summary>
    public string PidFile => Path.Combine(DataFolder, "kennel.pid");

    public static string DefaultDataFolder =>
        Environment.IsPrivilegedProcess ? "/var/lib/kennel" : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "kennel");

    /// <summary>The instance of a data directory: the number it had before, or the lowest that no other has.</summary>
    public static Instance Open(string dataFolder)
    {
        var folder = Path.GetFullPath(dataFolder);
        Make(folder);
        if (!Environment.IsPrivilegedProcess) return new Instance(folder, 0); // without root nothing is made on the machine
        var remembered = Path.Combine(folder, "instance-number");
        var known = File.Exists(remembered) && int.TryParse(File.ReadAllText(remembered), CultureInfo.InvariantCulture, out var n) ? n : (int?)null;
        Directory.CreateDirectory(NumbersFolder);
        foreach (var number in (known is { } k ? [k] : Enumerable.Empty<int>()).Concat(Enumerable.Range(0, MostInstances)))
        {
            if (!Claim(number, folder)) continue;
            File.WriteAllText(remembered, number.ToString(CultureInfo.InvariantCulture));
            return new Instance(folder, number);
        }
        throw new Complaint($"{MostInstances} instances have run on this machine already: remove one with `kennel down --purge --data-dir DIR`");
    }

    static void Make(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var why = File.Exists(folder) ? "it is a file" : e.Message.TrimEnd('.');
            throw new Complaint($"the data directory {folder} can't be made: {why}. Give another one with --data-dir DIR");
        }
    }

    /// <summary>The instance of a data directory that is there, or null.</summary>
    public static Instance? Find(string dataFolder)
    {
        var folder = Path.GetFullPath(dataFolder);
        var remembered = Path.Combine(folder, "instance-number");
        if (!Directory.Exists(folder)) return null;
        return new Instance(folder, File.Exists(remembered) && int.TryParse(File.ReadAllText(remembered), CultureInfo.InvariantCulture, out var n) ? n : 0);
    }

    /// <summary>Gives the number back.</summary>
    public void Release()
    {
        var file = NumberFile(Number);
        if (File.Exists(file) && File.ReadAllText(file).Trim() == DataFolder) File.Delete(file);
    }

    static bool Claim(int number, string folder)
    {
        var file = NumberFile(number);
        try
        {
            using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
            stream.Write(Encoding.UTF8.GetBytes(folder + "\n"));
            return true;
        }
        catch (IOException)
        {
            var owner = File.ReadAllText(file).Trim();
            if (owner == folder) return true;
            if (owner.Length > 0 && Directory.Exists(owner)) return false;
            File.WriteAllText(file, folder + "\n"); // its data directory is gone, and so is the instance
            return true;
        }
    }

    static string NumberFile(int number) => Path.Combine(NumbersFolder, number.ToString(CultureInfo.InvariantCulture));
}
