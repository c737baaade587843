namespace Village.Errors;

/// <summary>Why a command could not finish; decides the exit code and nothing else.</summary>
public enum ErrorKind
{
    /// <summary>The command line or a value in it is wrong.</summary>
    UserInput,

    /// <summary>A configuration value is wrong.</summary>
    Config,

    /// <summary>Something must be there first.</summary>
    NotReady,

    /// <summary>The state of the task or of its lease forbids it.</summary>
    Blocked,

    /// <summary>It may work in a moment: somebody else is at it.</summary>
    Transient,

    /// <summary>The thing asked for does not exist.</summary>
    NotFound,

    /// <summary>Any other failure; trying again will not help.</summary>
    Permanent,
}
