namespace Kennel.Store.Sqlite;

/// <summary>SQLite's errors in words that say what to do.</summary>
internal static class Refusal
{
    /// <summary>Whether the error left the file as it was for sure, and the connection usable.</summary>
    public static bool IsClean(SqliteError error) => error.Code is Native.Full or Native.Busy or Native.Locked;

    public static StoreUnavailableException Of(SqliteError error, string path) => new(error.Code switch
    {
        Native.Full => $"the disk that holds {path} is full: nothing of this write was kept; free some space there, and writes go on by themselves",
        Native.Busy or Native.Locked => $"{path} is locked by another program: close the tool that has it open; nothing of this write was kept",
        Native.InputOutput => $"the disk that holds {path} doesn't do its work ({error.Message}): nothing of this write was kept; look at the disk and at its free space",
        Native.CantOpen => $"{path} can't be opened: look at the permissions of the directory, and whether its disk is full",
        Native.ReadOnlyFile => $"{path} can't be written: look at its permissions, and whether its disk is mounted read-only",
        Native.Corrupt or Native.NotADatabase => $"{path} is damaged ({error.Message}): put back a copy of it",
        _ => $"{path} can't be used: {error.Message}",
    }, error);
}
